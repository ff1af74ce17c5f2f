-- Law: an agent holds at most one lease, a block copy has at most one holder, and every lease's number
-- (its fencing token) is larger than all before. No row when one of them is taken.
INSERT INTO lease (block_id, agent, granted_at, expires_at, changed_at)
VALUES (@block, @agent, @at, @expires_at, @at)
ON CONFLICT DO NOTHING
RETURNING id;
