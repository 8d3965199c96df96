-- what: messages per active person and working day over the four weeks that end with each week
-- grain: alliance, week, direction
-- privacy: private (weekly, never published)
with looked_back as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, direction, side, person, n
    from (select alliance, week, direction, side, person, count(*) as n from crossing group by all),
        range(4) as weeks(ahead)
),

working as (
    select alliance, side, cast(date_trunc('week', day) + to_days(7 * ahead) as date) as week, count(*) as days
    from workday, range(4) as weeks(ahead)
    group by all
),

directed as (
    select * from looked_back
    union all by name
    select * replace ('both' as direction) from looked_back
),

person as (
    select alliance, week, direction, person, sum(n) / any_value(greatest(days, 1)) as rate
    from directed
    join working using (alliance, side, week)
    group by all
)

select alliance, week, direction, avg(rate) as value
from person
join window_week using (alliance, week)
group by all
