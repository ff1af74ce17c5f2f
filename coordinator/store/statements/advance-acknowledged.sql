-- Law: acknowledged means this batch and all before it. Moves over every batch that follows without a gap.
WITH RECURSIVE following (sequence) AS (
  SELECT sequence FROM acknowledged WHERE agent = @agent
  UNION ALL
  SELECT report_batch.sequence FROM following
  JOIN report_batch ON report_batch.agent = @agent AND report_batch.sequence = following.sequence + 1
)
UPDATE acknowledged SET sequence = (SELECT max(sequence) FROM following) WHERE agent = @agent;
