-- what: who turned to whom across the boundary: addressees of small messages, and the author that a reply answers
-- grain: alliance, message_key, addressee
-- privacy: private (pseudonymous people)
with addressed as (
    select alliance, message_key, side, sent_at, unnest(recipients) as pseudonym
    from crossing
    where recipient_count <= 5
),

named as (
    select addressed.alliance, addressed.message_key, identity.person as addressee, identity.layer
    from addressed
    join identity
        on identity.alliance = addressed.alliance
        and identity.pseudonym = addressed.pseudonym
        and identity.side <> addressed.side
        and cast(addressed.sent_at as date) >= identity.valid_from
        and cast(addressed.sent_at as date) < identity.valid_until
),

answered as (
    select reply.alliance, reply.message_key, parent.person as addressee, parent.layer
    from crossing as reply
    join crossing as parent
        on parent.alliance = reply.alliance and parent.message_key = reply.parent_key and parent.side <> reply.side
)

select
    crossing.alliance, crossing.message_key, crossing.thread_key, crossing.month, crossing.week, crossing.sent_at,
    crossing.person, crossing.side, crossing.layer, other.addressee, other.layer as addressee_layer,
    crossing.says_social
from crossing
join (select * from named union select * from answered) as other using (alliance, message_key)
