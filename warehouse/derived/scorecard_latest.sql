-- what: the newest number of each item of the balanced scorecard, the one before it, and its target
-- grain: alliance, perspective, item, side (empty: both together)
-- privacy: published; numbers that partners wrote into their register
with entry as (
    select
        *,
        lag(value) over earlier_first as value_before,
        row_number() over (partition by alliance, perspective, item, side order by on_date desc) as age
    from scorecard
    where perspective <> 'reciprocity'
    window earlier_first as (partition by alliance, perspective, item, side order by on_date)
),

final as (
    select * from entry where age = 1
)

select
    alliance, perspective, item, side, on_date, value, value_before, target, better,
    if(better = 'lower', value <= target, value >= target) as met
from final
