-- what: requests across the boundary and the first answer of the other side in the same thread, in any language
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
with asked as (
    select *, case side when 'a' then 'b' else 'a' end as asked_side
    from crossing
    where says_seeks = 1
),

spoken as (
    select
        alliance,
        thread_key,
        side as asked_side,
        sent_at as answered_at,
        min(message_key) as answer_key,
        arg_min(person, message_key) as answerer
    from message
    where cross_boundary
    group by all
)

select
    asked.alliance, asked.message_key, asked.thread_key, asked.month, asked.side, asked.asked_side, asked.direction,
    asked.person, asked.sent_at, spoken.answered_at, spoken.answer_key, spoken.answerer
from asked
asof left join spoken
    on spoken.alliance = asked.alliance
    and spoken.thread_key = asked.thread_key
    and spoken.asked_side = asked.asked_side
    and asked.sent_at < spoken.answered_at
