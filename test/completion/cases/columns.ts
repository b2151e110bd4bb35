import type { Cases } from './index.js';

export const columns: Cases = {
  columns: [
    ['select | from page', 'select page_id| from page'],
    ['select page_t| from page', 'select page_title| from page'],
    ['select PAGE_T| from page', 'select page_title| from page'],
    ['select page_id, page_t| from page', 'select page_id, page_title| from page'],
    [
      'select page_id, page_t|\nfrom page\nwhere page_id = 1',
      'select page_id, page_title|\nfrom page\nwhere page_id = 1',
    ],
    ['select max(page_t|) from page', 'select max(page_title|) from page'],
    [
      'select extract(year from rev_t|) from revision',
      'select extract(year from rev_timestamp|) from revision',
    ],
    ['select * from page where page_t|', 'select * from page where page_title|'],
    [
      'select * from page where page_id > 1 and page_t|',
      'select * from page where page_id > 1 and page_title|',
    ],
    [
      'select * from page where (page_id > 1 and (page_t|',
      'select * from page where (page_id > 1 and (page_title|',
    ],
    ['select * from page where page_id = rev|', 'select * from page where page_id = reverse(|'],
    ['select * from page join revision on rev_p|', 'select * from page join revision on rev_page|'],
    [
      'select * from page join revision on rev_page = page_i|',
      'select * from page join revision on rev_page = page_id|',
    ],
    [
      'select * from page join page_props using (pp_p|',
      'select * from page join page_props using (pp_page|',
    ],
    ['select * from page group by page_t|', 'select * from page group by page_title|'],
    [
      'select * from page order by page_id desc, page_t|',
      'select * from page order by page_id desc, page_title|',
    ],
    [
      'select count(*) as total from page order by tot|',
      'select count(*) as total from page order by total|',
    ],
    ['select count(*) n from page order by |', 'select count(*) n from page order by n|'],
    ['select count(*) n from page group by n|', 'select count(*) n from page group by n|'],
    ['select count(*) many from page having ma|', 'select count(*) many from page having many|'],
    [
      'select count(*) many from page having (1 < ma|',
      'select count(*) many from page having (1 < many|',
    ],
    [
      'select count(*) many from page order by abs(ma|',
      'select count(*) many from page order by abs(many|',
    ],
    [
      'select case page_id when 1 then 2 end kind from page order by ki|',
      'select case page_id when 1 then 2 end kind from page order by kind|',
    ],
    ['select 1 `a b` from page order by a|', 'select 1 `a b` from page order by `a b`|'],
    [
      'select page_id kin from page union select rev_id from revision order by k|',
      'select page_id kin from page union select rev_id from revision order by kin|',
    ],
    [
      'select table_n| from information_schema.tables',
      'select TABLE_NAME| from information_schema.tables',
    ],
    [
      'select t.tab| from information_schema.TABLES t',
      'select t.TABLE_NAME| from information_schema.TABLES t',
    ],
    ['select str| from `odd-one`.odd', 'select strange| from `odd-one`.odd'],
    [
      'select sum(page_id) over (partition by page_t|) from page',
      'select sum(page_id) over (partition by page_title|) from page',
    ],
    ['select case when page_t| from page', 'select case when page_title| from page'],
    [
      'select * from page union select rev_t| from revision',
      'select * from page union select rev_timestamp| from revision',
    ],
    [
      'select page_t| from page union select 1 from revision',
      'select page_title| from page union select 1 from revision',
    ],
    ['update page set page_t|', 'update page set page_title|'],
    ['update page set page_id = 1, page_t|', 'update page set page_id = 1, page_title|'],
    ['update page set page_id = page_n|', 'update page set page_id = page_namespace|'],
    ['insert into page (page_id, page_t|', 'insert into page (page_id, page_title|'],
    [
      'insert into page values (1) on duplicate key update page_t|',
      'insert into page values (1) on duplicate key update page_title|',
    ],
    ['delete from page where page_t|', 'delete from page where page_title|'],
    ['alter table page drop column page_t|', 'alter table page drop column page_title|'],
    ['create index i on page (page_t|', 'create index i on page (page_title|'],
    ['select page_t| from nlwiki.page', 'select page_title| from nlwiki.page'],
    [
      'select * from page where exists (select 1 from revision where rev_page = page_i|',
      'select * from page where exists (select 1 from revision where rev_page = page_id|',
    ],
    ['explain select page_t| from page', 'explain select page_title| from page'],
    ['select titl| from page', 'select page_title| from page'],
    ['select pgttl| from page', 'select page_title| from page'],
    [
      'select 1; select user_n| from user; select 2',
      'select 1; select user_name| from user; select 2',
    ],
    ['select page_t|', 'select page_title|'],
    ['select größ| from `odd-name`', 'select größe| from `odd-name`'],
  ],
  aliases: [
    ['select p.page_t| from page p', 'select p.page_title| from page p'],
    ['select p.page_t| from page as p', 'select p.page_title| from page as p'],
    ['select p.page_t| from page as `p`', 'select p.page_title| from page as `p`'],
    ['select `p`.page_t| from page as p', 'select `p`.page_title| from page as p'],
    [
      'select p.page_t| from revision r join page p on r.rev_page = p.page_id',
      'select p.page_title| from revision r join page p on r.rev_page = p.page_id',
    ],
    [
      'select * from page p, revision r where r.rev_p|',
      'select * from page p, revision r where r.rev_page|',
    ],
    [
      'select * from (page p join revision r) where r.rev_p|',
      'select * from (page p join revision r) where r.rev_page|',
    ],
    [
      'select * from page partition (p0) as p where p.page_t|',
      'select * from page partition (p0) as p where p.page_title|',
    ],
    [
      'select * from page p use index (x) join revision r where r.rev_p|',
      'select * from page p use index (x) join revision r where r.rev_page|',
    ],
    ['update page p set p.page_t|', 'update page p set p.page_title|'],
    ['delete p from page p where p.page_t|', 'delete p from page p where p.page_title|'],
    ['select xy| from page xyz', 'select xyz.| from page xyz'],
    ['select page.page_t| from page', 'select page.page_title| from page'],
    ['select itwiki.page.page_t| from page', 'select itwiki.page.page_title| from page'],
    [
      'select nlwiki.page.page_t| from nlwiki.page',
      'select nlwiki.page.page_title| from nlwiki.page',
    ],
    ['select page.page_t|', 'select page.page_title|'],
    [
      'select * from page p where exists (select 1 from revision r where r.rev_page = p.page_i|',
      'select * from page p where exists (select 1 from revision r where r.rev_page = p.page_id|',
    ],
  ],
  'subqueries and common table expressions': [
    [
      'select s.to| from (select count(*) as total from page) s',
      'select s.total| from (select count(*) as total from page) s',
    ],
    [
      'select s.to| from (select count(*) total from page) as s',
      'select s.total| from (select count(*) total from page) as s',
    ],
    [
      'select s.page_t| from (select * from page) s',
      'select s.page_title| from (select * from page) s',
    ],
    [
      'select s.page_t| from (select p.*, r.rev_id from page p join revision r) s',
      'select s.page_title| from (select p.*, r.rev_id from page p join revision r) s',
    ],
    [
      'select s.page_t| from (select p.page_title from page p) s',
      'select s.page_title| from (select p.page_title from page p) s',
    ],
    [
      'select s.page_t| from ((select page_title from page) union select 1) s',
      'select s.page_title| from ((select page_title from page) union select 1) s',
    ],
    [
      'with c as (select page_title from page) select page_t| from c',
      'with c as (select page_title from page) select page_title| from c',
    ],
    [
      'with c (first, second) as (select 1, 2) select x.sec| from c x',
      'with c (first, second) as (select 1, 2) select x.second| from c x',
    ],
    [
      'with a as (select page_title from page), b as (select * from a) select b.page_t| from b',
      'with a as (select page_title from page), b as (select * from a) select b.page_title| from b',
    ],
    [
      'with recursive r as (select 1 as depth union select depth + 1 from r) select dep| from r',
      'with recursive r as (select 1 as depth union select depth + 1 from r) select depth| from r',
    ],
    [
      'with c as (select page_t| from page) select 1 from c',
      'with c as (select page_title| from page) select 1 from c',
    ],
    [
      'select * from page where page_id in (select rev_p| from revision)',
      'select * from page where page_id in (select rev_page| from revision)',
    ],
  ],
};
