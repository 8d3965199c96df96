-- what: whether Retire may be suggested: several benchmarks have fallen and a logged pivot has not worked
-- grain: alliance
-- privacy: published; made from alerts, the log and what stood before and after a pivot
with fallen as (
    select alliance, count(distinct dimension) as benchmarks_fallen
    from alert join retire_rule using (rule)
    where fired
    group by all
),

judged_pivot as (
    select
        alliance, on_date, kind,
        count(*) filter (where pivot_change.status = 'ok') as judged,
        count(*) filter (
            where pivot_change.outcome = 'rose' or high >= setting.value * if(series = 'overall', 2.25, 1)
        ) as may_have_risen
    from pivot_change join retire_outcome using (series) join setting on setting.name = 'material'
    where whole_time
    group by all
),

tried as (
    select
        alliance, count(*) filter (where judged > 0) as pivots_judged,
        count(*) filter (where judged > 0 and may_have_risen = 0) as pivots_not_worked
    from judged_pivot
    group by all
),

final as (
    select
        alliance.alliance, coalesce(benchmarks_fallen, 0)::integer as benchmarks_fallen,
        (select value from setting where name = 'benchmarks')::integer as benchmarks_needed,
        coalesce(pivots_judged, 0)::integer as pivots_judged,
        coalesce(pivots_not_worked, 0)::integer as pivots_not_worked
    from alliance left join fallen using (alliance) left join tried using (alliance)
)

select
    alliance, benchmarks_fallen, benchmarks_needed, pivots_judged, pivots_not_worked,
    benchmarks_fallen >= benchmarks_needed and pivots_not_worked > 0 as suggested
from final
