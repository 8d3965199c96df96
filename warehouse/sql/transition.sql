-- what: how threads move between levels from a month to the next
-- grain: alliance, month, from_level, to_level
-- privacy: private until gated
with level as (
    select alliance, month, thread_key, max(says_orientation) as level
    from crossing
    group by all
),

moved as (
    select later.alliance, later.month, earlier.level as from_level, later.level as to_level, count(*) as threads
    from level as later
    join level as earlier
        on earlier.alliance = later.alliance
        and earlier.thread_key = later.thread_key
        and earlier.month = cast(later.month - interval 1 month as date)
    group by all
)

select *, cast(sum(threads) over (partition by alliance, month, from_level) as bigint) as threads_before,
    threads / sum(threads) over (partition by alliance, month, from_level) as share
from moved
