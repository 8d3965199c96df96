-- what: in how many threads two people of the two sides met, by what makes a tie: each way, and social or across layers
-- grain: alliance, week, one (of side a), other (of side b)
-- privacy: private (pseudonymous people)
with met as (
    select alliance, week, thread_key,
        case side when 'a' then person else addressee end as one,
        case side when 'a' then addressee else person end as other,
        bool_or(side = 'a') as a, bool_or(side = 'b') as b,
        bool_or(says_social = 1 or (layer <> '' and addressee_layer <> '' and layer <> addressee_layer)) as tying
    from turn
    group by all
)

select alliance, week, one, other,
    count(*) filter (where a) as a,
    count(*) filter (where b) as b,
    count(*) filter (where tying) as tying,
    count(*) filter (where a or b) as a_b,
    count(*) filter (where a or tying) as a_tying,
    count(*) filter (where b or tying) as b_tying
from met
group by all
