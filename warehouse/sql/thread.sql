-- what: threads across the boundary: who began, the month of the last negative turn, and whether it was made good
-- grain: alliance, thread_key
-- privacy: private (pseudonymous people)
select
    alliance,
    thread_key,
    arg_min(side, (sent_at, message_key)) as begun_by,
    min(month) as begun_in,
    arg_max(month, (sent_at, message_key)) filter (where says_tone = -1) as month,
    arg_max(says_tone, (sent_at, message_key)) >= 0 as repaired
from crossing
group by all
