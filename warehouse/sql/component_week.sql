-- what: the four RVI components over the four weeks that end with each week, smaller direction where stated
-- grain: alliance, week, component
-- privacy: private (weekly, never published)
with week as (
    select alliance, unnest(generate_series(min(week)::timestamp, max(week)::timestamp, interval 7 days))::date as week
    from crossing group by alliance
),

spoken as (
    select week.alliance, week.week, crossing.side, crossing.says_commits, crossing.person, crossing.thread_key,
        crossing.says_orientation
    from week
    join crossing on crossing.alliance = week.alliance
        and crossing.week <= week.week and crossing.week > week.week - interval 28 days
),

people as (
    select alliance, week,
        count(distinct person) filter (where side = 'a') as people_a,
        count(distinct person) filter (where side = 'b') as people_b,
        count(*) as messages
    from spoken group by all
),

pairs as (
    select week.alliance, week.week, count(distinct least(turn.person, turn.addressee) || greatest(turn.person, turn.addressee)) as active
    from week
    join turn on turn.alliance = week.alliance and turn.week <= week.week and turn.week > week.week - interval 28 days
    group by all
),

delivered as (
    select week.alliance, week.week,
        count(*) filter (where unsolicited.side = 'a') as from_a,
        count(*) filter (where unsolicited.side = 'b') as from_b
    from week
    join unsolicited on unsolicited.alliance = week.alliance
        and unsolicited.week <= week.week and unsolicited.week > week.week - interval 28 days
    group by all
),

dyad as (
    select week.alliance, week.week,
        least(turn.person, turn.addressee) as one, greatest(turn.person, turn.addressee) as other,
        count(*) as exchanges, count(distinct turn.person) as ways, max(turn.says_social) as social
    from week
    join turn on turn.alliance = week.alliance and turn.week <= week.week and turn.week > week.week - interval 28 days
    group by all
),

tied as (
    select alliance, week, count(*) as ties
    from dyad where exchanges >= 2 and ways = 2 and social = 1 group by all
),

threads as (
    select alliance, week, avg(case when level = 2 then 1.0 else 0.0 end) as strategic
    from (select alliance, week, thread_key, max(says_orientation) as level from spoken group by all)
    group by all
),

commits as (
    select alliance, week, min(rate) as rate
    from (select alliance, week, side, 100.0 * avg(says_commits) as rate from spoken group by all)
    group by all
),

final as (
    select alliance, week, 'unsolicited' as component,
        least(coalesce(from_a, 0), coalesce(from_b, 0)) / greatest(coalesce(active, 1), 1) as value
    from people left join delivered using (alliance, week) left join pairs using (alliance, week)
    union all by name
    select alliance, week, 'ties' as component, coalesce(ties, 0) / (people_a * people_b) as value
    from people left join tied using (alliance, week) where people_a > 0 and people_b > 0
    union all by name
    select alliance, week, 'coinvest' as component, rate as value from commits
    union all by name
    select alliance, week, 'escalation' as component, strategic as value from threads
)

select final.*, people.people_a, people.people_b, people.messages
from final join people using (alliance, week)
