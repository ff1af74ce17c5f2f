-- What an agent says of itself replaces what it said before.
INSERT INTO agent (name, hardware, device_count, engines, environment, first_seen_at, last_seen_at)
VALUES (@name, @hardware, @device_count, @engines, @environment, @at, @at)
ON CONFLICT (name) DO UPDATE SET hardware = excluded.hardware, device_count = excluded.device_count,
  engines = excluded.engines, environment = excluded.environment, last_seen_at = excluded.last_seen_at;
