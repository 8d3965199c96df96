-- what: in how many threads a person wrote a week, how many messages, and how many of them commit
-- grain: alliance, week, side, person
-- privacy: private (pseudonymous people)
select alliance, week, side, person, count(distinct thread_key) as threads, count(*) as messages,
    sum(says_commits) as commits
from crossing
group by all
