-- what: messages whose author consents and belongs to a side when they were sent; the latest edit of each
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
with covered as (
    select part.*, identity.person, identity.side, identity.layer
    from part
    join identity
        on identity.alliance = part.alliance
        and identity.pseudonym = part.author
        and cast(part.sent_at as date) >= identity.valid_from
        and cast(part.sent_at as date) < identity.valid_until
    join consent
        on consent.alliance = part.alliance
        and consent.person = identity.person
        and consent.medium = part.medium
        and cast(part.sent_at as date) >= consent.valid_from
        and cast(part.sent_at as date) < consent.valid_until
    where part.sent_at <= $run_at and part.sent_at >= $oldest
),

-- few messages have copies, and choosing among them sorts whole rows
chosen as (
    select *
    from covered
    where copies > 1
    qualify row_number() over (
        partition by alliance, message_key order by edited_at desc nulls last, scored desc, author
    ) = 1
),

final as (
    select
        * exclude (copies, author),
        author as pseudonym,
        cast(date_trunc('month', sent_at) as date) as month,
        cast(date_trunc('week', sent_at) as date) as week,
        case side when 'a' then 'a_to_b' else 'b_to_a' end as direction
    from (select * from covered where copies = 1 union all select * from chosen)
)

select * from final
