"""Endings of domain names: those of countries, and the general ones that are met in practice."""

from __future__ import annotations

_COUNTRIES = """
ac ad ae af ag ai al am ao aq ar as at au aw ax az ba bb bd be bf bg bh bi bj bm bn bo br bs bt bv
bw by bz ca cc cd cf cg ch ci ck cl cm cn co cr cu cv cw cx cy cz de dj dk dm do dz ec ee eg er es
et eu fi fj fk fm fo fr ga gb gd ge gf gg gh gi gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu
id ie il im in io iq ir is it je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc li lk lr ls lt
lu lv ly ma mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw mx my mz na nc ne nf ng ni nl no
np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps pt pw py qa re ro rs ru rw sa sb sc sd se sg sh si
sj sk sl sm sn so sr ss st su sv sx sy sz tc td tf tg th tj tk tl tm tn to tr tt tv tw tz ua ug uk
us uy uz va vc ve vg vi vn vu wf ws ye yt za zm zw
"""
_GENERAL = """
academy accountant actor adult aero agency app art asia associates audio auto bank bar beer best
bet bid bike biz blog blue book boutique box build builders business buzz cafe cam camera camp
capital cards care career careers cars casa cash casino cat catering center ceo charity chat cheap
church city claims cleaning click clinic clothing cloud club coach codes coffee college com
community company computer condos construction consulting contractors cooking cool coop country
coupons courses credit cricket cruises dance data date dating deals degree delivery democrat dental
design dev diamonds diet digital direct directory discount doctor dog domains download earth edu
education email energy engineer engineering enterprises equipment estate events exchange expert
express fail faith family fan fans farm fashion film finance financial fish fit fitness flights
florist flowers football forsale foundation fun fund furniture fyi gallery game games garden gift
gifts gives glass global gold golf google gov graphics gratis green gripe group guide guitars guru
haus health healthcare help hiphop holdings holiday homes horse hospital host hosting hotel house
how immo industries info ink institute insurance insure int international investments jetzt jewelry
jobs kim kitchen land lat law lawyer lease legal life lighting limited limo link live loan loans
lol love ltd luxury maison management market marketing markets mba media memorial men menu mil
mobi moda moe money mortgage movie museum name navy net network news ngo ninja nyc one ong onl
online org organic page paris partners parts party pet photo photography photos pics pictures pink
pizza place plumbing plus poker porn post press pro productions promo properties property pub pw
radio realty recipes red rehab reise reisen rent rentals repair report republican rest restaurant
review reviews rich rip rocks rodeo run sale salon sarl school science security services sex sexy
shoes shop shopping show singles site ski soccer social software solar solutions space sport store
stream studio study style sucks supplies supply support surf surgery sydney systems tax taxi team
tech technology tel tennis theater theatre tickets tips tires today tokyo tools top tours town toys
trade trading training travel tube university vacations ventures vet video villas vin vip vision
vodka vote voting voyage wang watch webcam website wedding wiki win wine work works world wtf xxx
xyz yoga zone foo aco
"""
ENDINGS = frozenset(f"{_COUNTRIES} {_GENERAL}".split())
