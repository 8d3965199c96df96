-- what: indicators that are plain counts and shares, each direction apart and both together
-- grain: alliance, month, indicator, direction
-- privacy: private until gated
with directed as (
    select *, direction as way from crossing
    union all by name
    select *, 'both' as way from crossing
),

person_mean as (
    select
        alliance, month, way, person,
        count(*) as messages,
        avg(case when says_shares = 1 or seeks >= 0.5 or says_commits = 1 then 1.0 else 0.0 end) as substantive
    from directed
    group by all
),

working as (
    select alliance, month, count(distinct cast(sent_at as date)) as spoken_days,
        len(list_filter(
            generate_series(month::timestamp, least(month::timestamp + interval 1 month - interval 1 day,
                $run_at::timestamp), interval 1 day), lambda day: isodow(day) < 6)) as days
    from crossing
    group by all
),

frequency as (
    select alliance, month, way, 'frequency' as indicator,
        sum(messages) / count(*) / any_value(greatest(days, 1)) as value
    from person_mean join working using (alliance, month) group by all
),

substantive as (
    select alliance, month, way, 'depth_substantive' as indicator, avg(substantive) as value
    from person_mean group by all
),

tokens as (
    select alliance, month, way, 'depth_tokens' as indicator, median(tokens) as value
    from directed group by all
),

threads as (
    select alliance, month, 'both' as way, 'depth_thread_length' as indicator, avg(turns) as value
    from (select alliance, month, thread_key, count(*) as turns from crossing group by all)
    group by all
),

unsolicited_count as (
    select alliance, month, direction as way, 'unsolicited' as indicator, cast(count(*) as double) as value
    from unsolicited group by all
),

coinvest as (
    select alliance, month, way, 'coinvest' as indicator, 100.0 * avg(says_commits) as value
    from directed where way <> 'both' group by all
),

evaded as (
    select alliance, month, case side when 'a' then 'b_to_a' else 'a_to_b' end as way, 'evaded' as indicator,
        avg(case when answer_transparency = -1 then 1.0 else 0.0 end) as value
    from request where answered_at is not null group by all
),

turns as (
    select alliance, month, thread_key, min(says_tone) as worst, arg_max(says_tone, sent_at) as last_tone,
        max(says_orientation) as level
    from crossing group by all
),

repair as (
    select alliance, month, 'both' as way, 'repair' as indicator,
        avg(case when last_tone >= 0 then 1.0 else 0.0 end) as value
    from turns where worst = -1 group by all
),

escalation as (
    select alliance, month, 'both' as way, 'escalation' as indicator,
        avg(case when level = 2 then 1.0 else 0.0 end) as value
    from turns group by all
),

ei as (
    select alliance, month, 'both' as way, 'ei_index' as indicator,
        (count(*) filter (where cross_boundary) - count(*) filter (where not cross_boundary)) / count(*) as value
    from message group by all
),

reciprocity as (
    select alliance, month, 'both' as way, 'reciprocity' as indicator,
        1 - abs(count(*) filter (where side = 'a') - count(*) filter (where side = 'b')) / count(*) as value
    from crossing group by all
)

select * from frequency
union all by name select * from substantive
union all by name select * from tokens
union all by name select * from threads
union all by name select * from unsolicited_count
union all by name select * from coinvest
union all by name select * from evaded
union all by name select * from repair
union all by name select * from escalation
union all by name select * from ei
union all by name select * from reciprocity
