-- what: how many people of a side wrote in so many threads, in the four weeks that end with each week
-- grain: alliance, week, place (0 is side a, 1 is side b), n
-- privacy: private (weekly, never published)
with looked_back as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, side, person, sum(threads) as n
    from writer_week, range(4) as weeks(ahead)
    group by all
)

select alliance, week, cast(side = 'b' as integer) as place, cast(n as integer) as n, count(*) as many
from looked_back
join window_week using (alliance, week)
where eligible
group by all
