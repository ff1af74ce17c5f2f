-- Law: the classes a space spans are said once; its configurations keep their numbers for ever.
UPDATE sweep SET hardware = @hardware WHERE id = @id AND hardware IS NULL;
