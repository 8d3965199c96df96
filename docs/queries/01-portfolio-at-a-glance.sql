-- Which alliance should the stewards talk about first?
-- One line an alliance: where its velocity stands, what both sides say, and how many default alerts fire.
select alliance, name, stage, period, state, rvi, low, high, trust, value, learning, alerts
from portfolio
order by alerts desc, rvi nulls last, alliance;
