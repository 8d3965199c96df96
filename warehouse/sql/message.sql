-- what: messages whose author consents and belongs to a side when they were sent; the latest edit of each
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
with twice as (
    select distinct alliance, one.pseudonym
    from identity as one
    join identity as other using (alliance, pseudonym)
    where one.rowid < other.rowid and one.valid_from < other.valid_until and other.valid_from < one.valid_until
),

covered as (
    select
        part.* exclude (copies), identity.person, identity.side, identity.layer,
        copies > 1 or twice.pseudonym is not null as doubled
    from part
    join identity
        on identity.alliance = part.alliance
        and identity.pseudonym = part.author
        and cast(part.sent_at as date) >= identity.valid_from
        and cast(part.sent_at as date) < identity.valid_until
    left join twice on twice.alliance = part.alliance and twice.pseudonym = part.author
    where part.sent_at <= $run_at
        and part.sent_at >= $oldest
        and exists (
            from consent
            where consent.alliance = part.alliance
                and consent.person = identity.person
                and consent.medium = part.medium
                and cast(part.sent_at as date) >= consent.valid_from
                and cast(part.sent_at as date) < consent.valid_until
        )
),

-- few messages are doubled, and choosing among them sorts whole rows
chosen as (
    select *
    from covered
    where doubled
    qualify row_number() over (
        partition by alliance, message_key order by edited_at desc nulls last, scored desc, author
    ) = 1
),

final as (
    select
        * exclude (doubled, author),
        author as pseudonym,
        cast(date_trunc('month', sent_at) as date) as month,
        cast(date_trunc('week', sent_at) as date) as week,
        case side when 'a' then 'a_to_b' else 'b_to_a' end as direction
    from (select * from covered where not doubled union all select * from chosen)
)

select * from final
