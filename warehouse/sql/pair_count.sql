-- what: how many pairs of people have so many threads, in the four weeks that end with each week, by what makes a tie
-- grain: alliance, week, way (bits: 1 a writes to b, 2 b writes to a, 4 social or across layers; any of them), n
-- privacy: private (weekly, never published)
with looked_back as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, one, other,
        sum(a) as a, sum(b) as b, sum(tying) as tying, sum(a_b) as a_b, sum(a_tying) as a_tying,
        sum(b_tying) as b_tying
    from meeting, range(4) as weeks(ahead)
    group by all
),

way as (
    select alliance, week, unnest(range(8)) as way,
        unnest([0, a, b, a_b, tying, a_tying, b_tying, a_b]) as n
    from looked_back
)

select alliance, week, way, cast(n as integer) as n, count(*) as many
from way
join window_week using (alliance, week)
where eligible
group by all
