-- On which questions do the two sides see the alliance differently, for a second wave running?
select gap.alliance, gap.period, gap.dimension, a.value as says_a, b.value as says_b, gap.value as difference, gap.q_value
from gap
join survey as a on a.alliance = gap.alliance and a.period = gap.period and a.dimension = gap.dimension and a.side = 'a'
join survey as b on b.alliance = gap.alliance and b.period = gap.period and b.dimension = gap.dimension and b.side = 'b'
where gap.gap = 'a_b' and gap.flagged
order by gap.alliance, gap.period, gap.q_value;
