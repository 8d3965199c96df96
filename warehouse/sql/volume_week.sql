-- what: threads of the four weeks that end with each week, and each side's commitments per 100 messages
-- grain: alliance, week
-- privacy: private (weekly, never published)
with written as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, sum(n) as threads
    from (select alliance, week, count(distinct thread_key) as n from crossing group by all), range(4) as weeks(ahead)
    group by all
),

person as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, side, person, sum(commits) as commits,
        sum(messages) as messages
    from writer_week, range(4) as weeks(ahead)
    group by all
),

-- a mean over people of shares; what counting adds is that of one rate over everybody's messages
sided as (
    select alliance, week, side, 100 * avg(commits / messages) as rate,
        1e4 * sum(commits) / sum(messages) * (1 - sum(commits) / sum(messages)) * sum(1 / messages) / count(*) ** 2
            as variance
    from person
    group by all
)

select alliance, week, cast(any_value(threads) as integer) as threads,
    max(rate) filter (where side = 'a') as rate_a, max(rate) filter (where side = 'b') as rate_b,
    max(variance) filter (where side = 'a') as variance_a, max(variance) filter (where side = 'b') as variance_b
from sided
join written using (alliance, week)
join window_week using (alliance, week)
where eligible
group by all
having count(*) = 2
