-- what: the five diagnostic questions, which rules raise them tonight, and what to try first
-- grain: alliance, question
-- privacy: published; made from alerts
with firing as (
    select
        alert.alliance, question_rule.question, alert.rule, alert.dimension,
        alert.default_alert
        or alert.false_alarm_rate <= (select value from setting where name = 'false_alarm_rate') as weighs
    from alert join question_rule using (rule, dimension)
    where alert.fired
),

raised as (
    select
        alliance, question,
        string_agg(distinct rule || ' ' || dimension, ', ' order by rule || ' ' || dimension) filter (where weighs)
            as raised_by,
        string_agg(distinct rule || ' ' || dimension, ', ' order by rule || ' ' || dimension) filter (where not weighs)
            as also_fires
    from firing
    group by all
),

final as (
    select * from alliance cross join question left join raised using (alliance, question)
)

select
    alliance, place, question, asks, raised_by is not null as raised, coalesce(raised_by, '') as raised_by,
    coalesce(also_fires, '') as also_fires, intervention
from final
