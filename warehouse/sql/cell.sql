-- what: how many people and messages stand behind a month, and how much of it one or two people are
-- grain: alliance, month, side
-- privacy: private (counts of people)
with by_person as (
    select alliance, month, side, person, count(*) as messages
    from crossing
    group by all
),

ranked as (
    select *, row_number() over (partition by alliance, month, side order by messages desc) as place
    from by_person
)

select
    alliance,
    month,
    side,
    count(*) as people,
    cast(sum(messages) as bigint) as messages,
    max(messages) / sum(messages) as largest,
    coalesce(sum(messages) filter (where place <= 2), 0) / sum(messages) as two_largest
from ranked
group by alliance, month, side
