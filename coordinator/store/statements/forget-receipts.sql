-- Receipts far below the acknowledged number go: what comes that late was recorded long ago.
DELETE FROM report_batch WHERE agent = @agent AND sequence <= (
  SELECT sequence - @kept FROM acknowledged WHERE agent = @agent
);
