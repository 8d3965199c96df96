-- what: who turned to whom across the boundary: addressees of small messages, and the author that a reply answers
-- grain: alliance, message_key, addressee
-- privacy: private (pseudonymous people)
with addressed as (
    select crossing.alliance, crossing.message_key, unnest(crossing.recipients) as pseudonym
    from crossing
    where crossing.recipient_count <= 5
),

named as (
    select distinct addressed.alliance, addressed.message_key, identity.person as addressee, identity.side
    from addressed
    join identity using (alliance, pseudonym)
),

answered as (
    select reply.alliance, reply.message_key, parent.person as addressee, parent.side
    from crossing as reply
    join crossing as parent
        on parent.alliance = reply.alliance and parent.message_key = reply.parent_key
),

final as (
    select distinct
        crossing.alliance, crossing.message_key, crossing.person, crossing.side,
        other.addressee, crossing.sent_at, crossing.week, crossing.month, crossing.says_social
    from crossing
    join (select * from named union all select * from answered) as other using (alliance, message_key)
    where other.side <> crossing.side
)

select * from final
