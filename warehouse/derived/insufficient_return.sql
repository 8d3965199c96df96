-- what: why the return of an alliance is insufficient; an alliance without a row has no such reason
-- grain: alliance, reason
-- privacy: published; made from blended estimates, alerts and the scorecard
with newest_value as (
    select alliance, arg_max(high, period) as high, max(period) as since
    from blend
    where dimension = 'value' and status = 'ok'
    group by all
),

low_value as (
    select alliance, 'low_value' as reason, since
    from newest_value join setting on setting.name = 'low_return'
    where high < setting.value
),

falling_value as (
    select alliance, 'falling_value' as reason, max(period) as since
    from alert
    where fired and default_alert and dimension = 'value'
    group by all
),

returns as (
    select alliance, count(*) as targets, count(*) filter (where not met) as missed, max(on_date) as since
    from scorecard_latest
    where perspective in ('financial', 'market') and met is not null
    group by all
),

below_target as (
    select alliance, 'below_target' as reason, since from returns where 2 * missed > targets
),

final as (
    from low_value union all by name from falling_value union all by name from below_target
)

select alliance, reason, since
from final
