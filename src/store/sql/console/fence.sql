-- The functions in which a statement of the user runs. As SECURITY DEFINER functions of the
-- company's role they are a fence: inside such a function the server refuses a change to any other
-- role, whoever is connected.
--
-- All rows are made and all deferred triggers fire inside. Names are qualified, because the search
-- path inside is the company's. The connected user makes the functions, since the role may have no
-- right to make any.
create function pg_temp.vama_rows(statement pg_catalog.text)
returns setof pg_catalog.text language plpgsql security definer as $function$
declare
    one pg_catalog.record;
begin
    for one in execute statement loop
        return next pg_catalog.to_json(one);
    end loop;
    set constraints all immediate;
end
$function$;

create function pg_temp.vama_run(statement pg_catalog.text)
returns pg_catalog.int8 language plpgsql security definer as $function$
declare
    affected pg_catalog.int8;
begin
    execute statement;
    get diagnostics affected = row_count;
    set constraints all immediate;
    return affected;
end
$function$;
