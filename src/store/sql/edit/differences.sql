-- What of a company's row differs from what it is to be: its name, the value that is there, the new one.
-- A new value without characters stands for none. Values of the settings are compared, and told, as the
-- server writes JSON.
select it.what, it.before, it.after
  from (select wanted.what, wanted.place,
               case when wanted.setting <> '' then (c.settings -> wanted.setting)::text
                    when wanted.what = 'name' then c.name
                    when wanted.what = 'CIF' then c.cif
                    when wanted.what = 'industry' then c.industry
                    when wanted.what = 'logo' then c.logo_url end as before,
               case when wanted.setting <> '' then nullif(wanted.value, '')::jsonb::text
                    else nullif(wanted.value, '') end as after
          from public.companies c
         cross join unnest($2::text[], $3::text[], $4::text[])
               with ordinality as wanted (what, setting, value, place)
         where c.slug = $1) as it
 where it.before is distinct from it.after
 order by it.place
