-- what: the four weeks that end with each week: who took part, and whether they are full and enough to be measured
-- grain: alliance, week
-- privacy: private (weekly, never published)
with span as (
    select alliance, min(week) as first_week, max(week) as last_week from crossing group by all
),

looked_back as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, side, person, n
    from (select alliance, week, side, person, count(*) as n from crossing group by all), range(4) as weeks(ahead)
),

final as (
    select
        alliance,
        week,
        count(distinct person) filter (where side = 'a') as people_a,
        count(distinct person) filter (where side = 'b') as people_b,
        cast(sum(n) as bigint) as messages,
        any_value(first_week) as first_week
    from looked_back
    join span using (alliance)
    where week <= last_week
    group by all
)

select
    * exclude (first_week),
    people_a >= $min_people
        and people_b >= $min_people
        and messages >= 30
        and week >= first_week + interval 21 days as eligible
from final
