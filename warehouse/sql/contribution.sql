-- what: who contributed how much to what is counted; an audience contributes nothing and still stands on its side
-- grain: alliance, grain, period, kind, direction, side, person
-- privacy: private (pseudonymous people)
with message_both_ways as (
    select alliance, month, 'message' as kind, direction, side, person, 1 as n from crossing
    union all by name
    select alliance, month, 'message' as kind, 'both' as direction, side, person, 1 as n from crossing
),

delivery as (
    select alliance, month, 'delivery' as kind, direction, side, person, 1 as n from unsolicited
    union all by name
    select alliance, month, 'delivery' as kind, 'both' as direction, side, person, 1 as n from unsolicited
),

audience as (
    select distinct alliance, month, unnest(['message', 'delivery']) as kind,
        case side when 'a' then 'b_to_a' else 'a_to_b' end as direction, side, person, 0 as n
    from crossing
),

request_and_answer as (
    select alliance, month, 'request' as kind, direction, side, person, 1 as n from request
    union all by name
    select alliance, month, 'request' as kind, direction, asked_side as side, answerer as person, 1 as n
    from request where answerer is not null
),

answer as (
    select alliance, month, 'answer' as kind, case asked_side when 'a' then 'a_to_b' else 'b_to_a' end as direction,
        unnest([side, asked_side]) as side, unnest([person, answerer]) as person, 1 as n
    from request
    semi join crossing on crossing.alliance = request.alliance and crossing.message_key = request.answer_key
),

repair as (
    select crossing.alliance, thread.month, 'repair' as kind, 'both' as direction, crossing.side, crossing.person,
        1 as n
    from crossing
    join thread using (alliance, thread_key)
    where thread.month is not null
),

everything as (
    select alliance, month, 'all' as kind, 'both' as direction, side, person, 1 as n from message
),

monthly as (
    select * from message_both_ways
    union all by name select * from delivery
    union all by name select * from audience
    union all by name select * from request_and_answer
    union all by name select * from answer
    union all by name select * from repair
    union all by name select * from everything
),

final as (
    select 'month' as grain, month as period, * exclude (month) from monthly
    union all by name
    select 'quarter' as grain, cast(date_trunc('quarter', month) as date) as period, * exclude (month)
    from (select * from request_and_answer union all by name select * from answer)
)

select alliance, grain, period, kind, direction, side, person, cast(sum(n) as bigint) as n
from final
group by all
