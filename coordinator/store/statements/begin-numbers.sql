-- An agent's first batch says where its numbers begin.
INSERT INTO acknowledged (agent, sequence) VALUES (@agent, @sequence - 1) ON CONFLICT DO NOTHING;
