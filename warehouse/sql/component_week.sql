-- what: the four RVI components over the four weeks that end with each week, smaller direction where stated
-- grain: alliance, week, component (data is what the component's minimum counts)
-- privacy: private (weekly, never published)
with ahead as (
    select unnest([0, 7, 14, 21]) as days
),

-- each table is summed up by its own weeks first: four weeks of sums are fewer rows than four weeks of messages
spoken as (
    select alliance, cast(week + to_days(days) as date) as week, side, person, sum(commits) / sum(messages) as share
    from writer_week, ahead
    group by all
),

levels as (
    select alliance, cast(week + to_days(days) as date) as week, thread_key, max(level) as level
    from (select alliance, week, thread_key, max(says_orientation) as level from crossing group by all), ahead
    group by all
),

active as (
    select alliance, cast(week + to_days(days) as date) as week, sum(pairs) as pair_weeks
    from (select alliance, week, count(*) as pairs from meeting group by all), ahead
    group by all
),

-- both ways is two exchanges or more
tied as (
    select alliance, week, count(*) as ties
    from (
        select alliance, cast(week + to_days(days) as date) as week, one, other
        from meeting, ahead
        group by all
        having sum(a) > 0 and sum(b) > 0 and sum(tying) > 0
    )
    group by all
),

delivered as (
    select alliance, cast(week + to_days(days) as date) as week, sum(from_a) as from_a, sum(from_b) as from_b
    from (
        select alliance, week,
            count(*) filter (where side = 'a') as from_a, count(*) filter (where side = 'b') as from_b
        from unsolicited
        group by all
    ), ahead
    group by all
),

committed as (
    select alliance, week, side, 100 * avg(share) as rate from spoken group by all
),

talk as (
    select alliance, week, min(rate) as rate from committed group by all having count(*) = 2
),

threads as (
    select alliance, week, avg(cast(level = 2 as integer)) as strategic, count(*) as threads
    from levels
    group by all
),

final as (
    select alliance, week, 'unsolicited' as component,
        least(coalesce(from_a, 0), coalesce(from_b, 0)) / pair_weeks as value,
        coalesce(from_a, 0) + coalesce(from_b, 0) as data
    from active left join delivered using (alliance, week)
    union all by name
    select alliance, week, 'ties' as component, coalesce(ties, 0) / nullif(people_a * people_b, 0) as value,
        least(people_a, people_b) as data
    from window_week left join tied using (alliance, week)
    union all by name
    select alliance, week, 'coinvest' as component, rate as value, messages as data
    from talk join window_week using (alliance, week)
    union all by name
    select alliance, week, 'escalation' as component, strategic as value, threads as data from threads
)

select final.alliance, final.week, component, cast(value as double) as value, cast(data as bigint) as data
from final
join window_week using (alliance, week)
where eligible
