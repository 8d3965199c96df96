-- what: what a steward read in messages as they stand in the store, from sittings in which enough people were read
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
with answered as (
    select label.*, crossing.person, crossing.side
    from label
    join crossing using (alliance, message_key, text_key)
    where label.state = 'labelled'
),

-- a sitting counts once at least a group of each side is behind it: one more label would be one person's
whole as (
    select alliance, sitting
    from answered
    group by all
    having count(distinct person) filter (side = 'a') >= $min_people
        and count(distinct person) filter (side = 'b') >= $min_people
),

final as (
    select
        alliance, message_key, chance,
        label_tone, label_transparency, label_shares, label_seeks, label_commits, label_social, label_orientation
    from answered
    join whole using (alliance, sitting)
)

select * from final
