-- what: which of the four pivots the rules suggest to discuss, rule by rule
-- grain: alliance, pivot, rule, series
-- privacy: published; made from alerts
with firing as (
    select
        alliance, rule, dimension, "pivot", false_alarm_rate,
        default_alert or false_alarm_rate <= (select value from setting where name = 'false_alarm_rate') as suggests
    from alert
    where fired
),

retire as (
    select
        firing.alliance, firing.rule, firing.dimension, 'Retire' as "pivot", firing.false_alarm_rate,
        true as suggests
    from firing join retire_rule using (rule) join retirement using (alliance)
    where retirement.suggested
),

final as (
    from firing union all by name from retire
)

select alliance, "pivot", rule, dimension, false_alarm_rate, suggests
from final
