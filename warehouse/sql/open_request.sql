-- what: until when a request stands open: in its thread until it is answered, towards a person for 14 days at most
-- grain: alliance, place, sent_at (open_until is the latest of the place so far)
-- privacy: private (pseudonymous people)
with owed as (
    select
        alliance,
        'thread ' || asked_side || ' ' || thread_key as place,
        sent_at,
        coalesce(answered_at, 'infinity') as open_until
    from request
    union all by name
    select
        request.alliance,
        'pair ' || turn.addressee || ' ' || request.person as place,
        request.sent_at,
        least(coalesce(request.answered_at, 'infinity'), request.sent_at + interval 14 days) as open_until
    from request
    join turn using (alliance, message_key)
),

latest as (
    select alliance, place, sent_at, max(open_until) as open_until
    from owed
    group by all
)

select
    alliance,
    place,
    sent_at,
    max(open_until) over (partition by alliance, place order by sent_at) as open_until
from latest
