-- what: scored messages across the boundary, all by the same model: the message set of every indicator
-- grain: alliance, message_key
-- privacy: private (pseudonymous people)
select * from message where cross_boundary and scored and recipient_count <= 25 and model = $model
