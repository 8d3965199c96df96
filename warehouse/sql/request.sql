-- what: requests across the boundary and the first answer of the other side in the same thread
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
select
    request.alliance,
    request.month,
    request.side,
    request.direction,
    request.person,
    request.sent_at,
    min(answer.sent_at) as answered_at,
    arg_min(answer.says_transparency, answer.sent_at) as answer_transparency
from crossing as request
left join crossing as answer
    on answer.alliance = request.alliance
    and answer.thread_key = request.thread_key
    and answer.side <> request.side
    and answer.sent_at > request.sent_at
where request.says_seeks = 1
group by all
