-- what: the light single question (1 to 10) at its place on the scale 1 to 5, beside what the full questionnaire says
-- grain: alliance, month, side
-- privacy: published; made from shown survey means
with light as (
    select * from survey where dimension = 'overall' and status in ('ok', 'stale')
),

full_questionnaire as (
    select alliance, period, side, avg(value) as mean, count(*) as dimensions
    from survey
    where dimension <> 'overall' and status in ('ok', 'stale')
    group by all
),

final as (
    select
        *, 1 + (light.value - 1) / 2.25 as on_five  -- ten levels onto five: 1 stays 1, 5.5 is 3, 10 is 5
    from light left join full_questionnaire using (alliance, period, side)
)

select
    alliance, period, side, value, round(on_five, 2) as on_five,
    case when on_five < 2 then 1 when on_five < 4 then 3 else 5 end as level,
    coalesce(dimensions, 0)::integer as dimensions, round(mean, 2) as full_mean,
    round(on_five - mean, 2) as difference
from final
