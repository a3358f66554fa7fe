"""English verbs by which grammar knows that a clause without a subject begins."""

from __future__ import annotations

_TEXT = """
abandon abide abolish absorb accept accompany accumulate accuse achieve acknowledge acquire act adapt add address adjust administer admire
admit admonish adopt adorn advance advertise advise afford agree aid aim alert align allocate allot allow alter amend amuse analyse analyze
anchor announce annoy annul answer anticipate apologise apologize appeal applaud apply appoint appraise appreciate approach approve argue
arm arrange arrest arrive ascend ask assemble assert assess assign assist assume assure attach attack attain attempt attend attract audit
avenge avoid await award babysit back bake balance ban bandage banish bank bargain barge barter bask bat batter beam bear beat beckon become
befriend beg begin behave believe belong bend benefit bet betray bicker bid bind bite blame blend bless blink block blow blurt board boast
boil bolt book boost borrow bounce bow brace brag break breathe brew bribe bring bristle broadcast brood browse bruise brush budget build
bully bundle burn burrow bury bustle button buy cackle calculate call calm camp cancel cap capture care caress carry cart carve cast catch
cater cause caution cede celebrate censor challenge change chant charge chart chase chat chatter cheat check cheer cherish chew chip choose
chop chuckle circle cite claim clap clarify clash clasp clean cleanse clear clench click climb cling clip clock close clutch coach coast
coax coin collapse collect comb combine come comfort command commit compare compete compile complain comply compose compromise compute
conceal concede conclude condemn condone confer confess confide confine confirm confiscate conform confront congratulate connect conquer
consent conserve consider console conspire construct consult consume contact contain contend contest continue contradict contribute control
convert convey convince cook cooperate cope copy correct cough counsel count cover craft crash crave crawl create creep cringe criticise
criticize cross crouch crow crumble crush cry cuddle cultivate curb curse cut cycle damn dance dare dash debate deceive decide decipher
declare decline decorate dedicate deduce deepen defeat defend defer define defy delay delegate deliver demand demonstrate denounce deny
depend deposit descend describe desert deserve design desire despise destroy detail detain detect deter develop devise devote devour dial
dictate diet differ dig digest dine direct disagree disappear disarm disbelieve discard discipline disclose discount discover discuss
disguise dislike dismiss disobey disown dispatch display dispose dispute disregard dissent dissolve distance distract distribute distrust
disturb ditch dive divide do document dodge dominate donate doodle double double-check doubt downplay doze draft drag drain drape draw dread
dream dress drift drill drink drive drop drum duck duel dump dust dwell eat eavesdrop economise economize edge edit educate elbow elect
eliminate email embark embellish embrace emphasise emphasize employ enable encounter encourage endorse endure enforce engage engrave enjoy
enlist enrich enrol enroll ensure enter entertain entrust envision envy erase err escape establish estimate evade evaluate exaggerate
examine exceed excel exchange exclude excuse execute exercise exert exhale exhaust exist expand expect experiment explain exploit explore
export expose express extend extract fabricate face facilitate fade faint fake fall falter fan farm fast fasten father fathom favor favour
fear feast feed feel fetch fidget fight file fill film filter finance find finish fire fit fix flag flatter flaunt flee flick flinch flip
flirt float flock flow flush fly focus fold follow fondle fool forbid force forecast foresee forge forget forgive forgo forsake fortify
forward foster found frame freeze frequent fret frown fulfil fulfill fumble fund furnish fuss gain gallop gamble garden gasp gather gauge
gaze get giggle give glance glare gleam glide gloat glow glue gnaw go gobble gossip govern grab grade grant graze greet grieve grill grin
grind grip grit groan groom grow growl grumble grunt guarantee guard guess guide gulp gush haggle hail hammer hamper hand handle hang harbor
harbour hasten hate haul haunt head heal heap hear heat heave heed heighten help herd hesitate hide hike hint hire hoard hoist hold honor
honour hop hope host hound hover howl huddle hug hum humor humour hunt hurl hurry hush ignore illustrate imagine imitate impersonate impose
impress improve improvise include indulge infer inflate influence inform inhale inherit inquire inscribe insist inspect insult insure intend
interfere interpret interrogate interrupt intervene interview intimidate introduce intrude invade invent invest investigate invite invoke
iron irritate isolate itch jeer jog join joke jot judge juggle jumble jump keep kick kid kill kiss kneel knit knock know label labor labour
lag lament lash laugh launch lavish lay lead leak lean leap learn lease leave lecture lend lengthen lessen let lick lie lift like limit
linger link listen live loan lobby locate lock lodge log loiter look loosen loot lose lounge love lower lug lure lurk magnify mail maintain
make manage map march mark marry marvel master mastermind match mean measure meddle meet memorise memorize menace mend mention mentor
message migrate mimic mind mine mingle minimise minimize mislead mistake mistrust mix moan mob mock model moderate modify monitor mop mother
motivate mount mourn move mow muddle mull multiply mumble murmur muse muster mutter nag nail name nap navigate need neglect negotiate nibble
nod nominate note notice nourish nudge nurse nurture obey object oblige obscure observe obsess obstruct obtain occupy offend offer open
operate oppose opt orchestrate order organise organize outline outwit overcome overhear overlook overrule oversee overtake overthrow
overturn owe own pace pacify pack paddle paint pamper panic parade paraphrase pardon park parrot part partake pass pat patch patrol pause
pave pawn pay peek peel peer penalise penalize perceive perfect perform perish permit persuade pester phone photograph pick pile pin pinch
pitch pity place plague plan plant plaster play plead please pledge plot plough plow pluck plug plunge pocket point poke polish poll ponder
pool pop portray pose possess post postpone pound pour powder practice practise praise pray preach precede predict prefer prepare present
preserve preside press presume pretend prevent prey print prioritise prioritize prize probe process proclaim procrastinate procure produce
profess profit program prohibit prolong promise prompt pronounce propose prosecute prosper protect protest prove provide prowl prune pry
publish puff pull pump punish purchase purge pursue push put puzzle quarrel quench query question quicken quieten quit quiver quiz quote
race rage raid raise rally ram ramble rank rant rap rate ration rattle ravage rave reach react read reap rear rearrange reason reassure
rebel rebuff rebuild rebuke recall receive recite reckon reclaim recline recognise recoil recollect recommend reconcile reconsider record
recover recruit recycle redeem redo reduce reel refer refine reflect refrain refresh refund refuse regard register regret rehearse reign
reimburse reinforce reinvent reject rejoice relate relax relay release relent relieve relinquish relish relive rely remain remark remedy
remember remind reminisce remove render renew renounce renovate rent reopen repair repay repeat repel rephrase replace replay reply report
reprimand reproach request rescue resemble resent reserve reset reside resign resist resolve resort respect respond rest restate restock
restore restrain restrict resume retain retaliate retell retire retort retrace retreat retrieve return reunite reuse reveal revere reverse
revert review revise revive revolt reward rewrite ride rinse rip rise risk rival roam roar roast rob rock roll roof root rotate rouse rub
ruffle ruin rule rummage run rush sabotage sacrifice saddle sail salute salvage sample sanction satisfy saunter save savor savour say scale
scan scare scatter scavenge scheme scoff scold scoop score scorn scout scowl scramble scrape scratch scrawl scream screen scribble scroll
scrub scrutinise scrutinize sculpt seal search season seat secure seduce see seek seethe segregate seize sell send sense sentence separate
serenade serve set settle sew shake shame shape share sharpen shatter shave shed shelter shepherd shield shift shine shiver shock shoot shop
shorten shoulder shout shove shovel show shred shriek shrug shuffle shun shush shut side sift sigh sign signal silence simmer simplify sing
singe sink sip sit sketch ski skim skimp skip skirt slack slam slander slap slash slave sleep slice slide slip slump smash smear smell smile
smirk smoke smooth smuggle snap snarl snatch sneak sneer sneeze sniff snoop snore snub soak soar sob socialise socialize soften soil soldier
solicit solve soothe sort sow spar spare spark speak speed spell spend spill spin spit splash split splurge spoil sponsor spot spray spread
sprinkle sprint spur spurn spy squabble squander squash squat squeeze squint squirm stack staff stage stagger stake stall stammer stamp
stand staple stare start starve stash state stay steal steam steer stem step stew stick stifle sting stir stitch stock stoop stop store
storm stow straddle straighten strain strap stray stream strengthen stress stretch stride strike strip strive stroke stroll structure
struggle study stuff stumble stun stutter subdue submit subscribe subtract succeed sue suffer suggest sulk sum summarise summarize summon
supervise supplement supply support suppose suppress surf surpass surprise surrender survey survive suspect suspend sustain swagger swallow
swamp swap swarm sway swear sweep swell swerve swim swindle swing swipe switch sympathise sympathize tackle tag tailor take talk tally tame
tangle tap tape target taste taunt tax teach tear tease telephone tell tempt tend terminate terrify test testify text thank thaw theorise
theorize think thrash thread threaten thrive throw thumb thump thwart tick tickle tidy tie tighten till tilt tinker tip tire toast toil
tolerate top toss touch tour tow trace track trade train trample transcribe transfer transform translate transmit trap travel tread treasure
treat tremble trespass trick trickle trim triumph trot trouble truant trust try tuck tug tumble tune turn tutor twist type unbutton uncover
undergo underline undermine understand undertake undo undress unfold unite unload unlock unmask unpack unravel untie unwind unwrap update
upgrade uphold upset urge use usher utter vacate vaccinate value vanish vary veil vent venture verify vex video vie view vilify violate
visit visualise visualize voice volunteer vote vow wade wager wail wait waive wake walk wallow wander want warn warrant wash waste watch
wave waver weaken wear weave wed weed weep weigh welcome weld whack wheel whine whip whirl whisper whistle widen wield win wind wink wipe
wire wish withdraw withhold withstand witness wobble wonder woo work worry wrap wreck wrestle wriggle wring write yank yawn yearn yell yield
zip zoom
"""
VERBS = frozenset(_TEXT.split())
"""Verbs in the present that can open the second half of a statement; few of them are likelier to be nouns there."""
