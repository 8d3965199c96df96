-- what: the four RVI components over the four weeks that end with each week, smaller direction where stated
-- grain: alliance, week, component (data is what the component's minimum counts)
-- privacy: private (weekly, never published)
with spoken as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, side, person, thread_key, says_commits,
        says_orientation
    from crossing, range(4) as weeks(ahead)
),

turned as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week, week as own_week, side, says_social,
        case side when 'a' then person else addressee end as one,
        case side when 'a' then addressee else person end as other,
        layer <> '' and addressee_layer <> '' and layer <> addressee_layer as across
    from turn, range(4) as weeks(ahead)
),

delivered as (
    select alliance, cast(week + to_days(7 * ahead) as date) as week,
        count(*) filter (where side = 'a') as from_a, count(*) filter (where side = 'b') as from_b
    from unsolicited, range(4) as weeks(ahead)
    group by all
),

active as (
    select alliance, week, count(distinct (own_week, one, other)) as pair_weeks from turned group by all
),

tied as (
    select alliance, week, count(*) as ties
    from (
        select alliance, week, one, other
        from turned
        group by all
        having count(*) >= 2 and count(distinct side) = 2 and (max(says_social) = 1 or bool_or(across))
    )
    group by all
),

committed as (
    select alliance, week, side, 100 * avg(share) as rate
    from (select alliance, week, side, person, avg(says_commits) as share from spoken group by all)
    group by all
),

talk as (
    select alliance, week, min(rate) as rate from committed group by all having count(*) = 2
),

threads as (
    select alliance, week, avg(cast(level = 2 as integer)) as strategic, count(*) as threads
    from (select alliance, week, thread_key, max(says_orientation) as level from spoken group by all)
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
