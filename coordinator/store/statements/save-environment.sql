-- An environment is kept once, however many measurements share it.
INSERT INTO environment (fingerprint, facts) VALUES (@fingerprint, @facts) ON CONFLICT DO NOTHING;
