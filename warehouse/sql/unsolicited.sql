-- what: messages that share knowledge while no request stands open, in their thread or towards their author
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
with share as (
    select * from crossing where says_shares = 1
),

place as (
    select alliance, message_key, sent_at, 'thread ' || side || ' ' || thread_key as place
    from share
    union all by name
    select share.alliance, share.message_key, share.sent_at, 'pair ' || share.person || ' ' || turn.addressee as place
    from share
    join turn using (alliance, message_key)
),

solicited as (
    select place.alliance, place.message_key
    from place
    asof join open_request
        on open_request.alliance = place.alliance
        and open_request.place = place.place
        and open_request.sent_at < place.sent_at
    where open_request.open_until >= place.sent_at
)

select alliance, message_key, person, side, direction, month, week
from share
anti join solicited using (alliance, message_key)
