-- what: what each person's month comes to, for indicators that are means over people
-- grain: alliance, month, direction, indicator, person
-- privacy: private (pseudonymous people)
with directed as (
    select alliance, month, direction, side, person, tokens from crossing
    union all by name
    select alliance, month, 'both' as direction, side, person, tokens from crossing
),

first_day as (
    select alliance, min(cast(sent_at as date)) as first_day from crossing group by all
),

working as (
    select workday.alliance, workday.side, cast(date_trunc('month', day) as date) as month, count(*) as days
    from workday
    join first_day on first_day.alliance = workday.alliance and day >= first_day
    group by all
),

frequency as (
    select alliance, month, direction, 'frequency' as indicator, person,
        count(*) / any_value(coalesce(days, 1)) as value, count(*) as n
    from directed
    left join working using (alliance, side, month)
    group by all
),

tokens as (
    select alliance, month, direction, 'depth_tokens' as indicator, person, median(tokens) as value, count(*) as n
    from directed
    group by all
),

ei as (
    select alliance, month, 'both' as direction, 'ei_index' as indicator, person,
        avg(case when cross_boundary then 1.0 else -1.0 end) as value, count(*) as n
    from message
    group by all
)

select * from frequency
union all by name select * from tokens
union all by name select * from ei
