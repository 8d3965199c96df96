-- what: messages that share knowledge without an open request of the other side before
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
with asked as (
    select
        share.alliance,
        share.message_key,
        count(request.message_key) as requests
    from crossing as share
    left join crossing as request
        on request.alliance = share.alliance
        and request.side <> share.side
        and request.says_seeks = 1
        and request.sent_at < share.sent_at
        and (
            request.thread_key = share.thread_key
            or (
                request.sent_at > share.sent_at - interval 14 days
                and (list_contains(request.recipients, share.pseudonym) and share.recipient_count <= 5)
            )
        )
    where share.says_shares = 1
    group by all
)

select crossing.alliance, crossing.message_key, crossing.person, crossing.side, crossing.direction,
    crossing.month, crossing.week
from crossing
join asked using (alliance, message_key)
where asked.requests = 0
