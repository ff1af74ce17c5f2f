-- Law: an agent sends its batches in order, so what is acknowledged is the highest number recorded; a
-- number below it that comes late is recorded all the same, once.
INSERT INTO acknowledged (agent, sequence) VALUES (@agent, @sequence)
ON CONFLICT (agent) DO UPDATE SET sequence = max(sequence, excluded.sequence);
