-- what: how many people stand behind what is counted, and how much of it the one and the two largest of a side are
-- grain: alliance, grain, period, kind, direction
-- privacy: private (counts of people)
with placed as (
    select
        *,
        row_number() over (partition by alliance, grain, period, kind, direction, side order by n desc, person) as place
    from contribution
),

sided as (
    select
        alliance, grain, period, kind, direction, side,
        count(*) as people,
        sum(n) as n,
        max(n) / nullif(sum(n), 0) as largest,
        sum(n) filter (where place <= 2) / nullif(sum(n), 0) as two_largest
    from placed
    group by all
),

final as (
    select
        alliance, grain, period, kind, direction,
        coalesce(max(people) filter (where side = 'a'), 0) as people_a,
        coalesce(max(people) filter (where side = 'b'), 0) as people_b,
        cast(sum(n) as bigint) as messages,
        coalesce(max(largest), 0) as largest,
        coalesce(max(two_largest), 0) as two_largest
    from sided
    group by all
)

-- messages of both directions add up, so that one direction may never be shown without the other
select
    * exclude (largest, two_largest),
    case when kind = 'message' then max(largest) over whole else largest end as largest,
    case when kind = 'message' then max(two_largest) over whole else two_largest end as two_largest
from final
window whole as (partition by alliance, grain, period, kind)
