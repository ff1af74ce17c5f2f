-- What a sweep's trials say of their configurations, verification left out; later trials say more.
SELECT configuration_index, purpose, state FROM trial
WHERE sweep_id = @sweep AND class <> 'verify' ORDER BY id;
