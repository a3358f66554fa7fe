"""English verbs by which grammar knows that a clause without a subject begins."""

from __future__ import annotations

_TEXT = """
abandon absorb accept achieve acknowledge act adapt add address adjust admire admit adopt advise afford agree aim allow announce answer anticipate
apologise apologize appeal apply appreciate approach approve argue arrange ask assert assign assume attack attend avoid await back bargain bear
beg begin believe belong bend bet blame bless blend block boast borrow bow brace brag break breathe bring bristle brush build burn bury buy calculate call
calm cancel care carry cast catch cause caution celebrate challenge change charge chase chat check cheer cherish choose claim clean clear climb
cling close coax collect combine come comfort command commit compare compete complain comply compromise conceal concede conclude confess confide
confront conserve consider consult contest continue contribute cook cooperate cope copy correct count cover crave create cringe criticise criticize cross
cry curse cut dare decide declare decline dedicate defend defer delay delegate deliver demand deny depend deserve design despise destroy dig disagree
discard disclose discount discover discuss dislike dismiss disobey do distrust ditch divide dodge donate double doubt downplay drag draw dread dream
dress drift drink drive drop duck dwell eat embrace emphasise emphasize encourage endure enforce enjoy ensure enter envy escape evade examine
exchange excuse expect explain explore expose express face fast favour favor fear feed feel fight fill find finish fix flatter flee flinch focus
fold follow force forget forgive frown fuss gamble gather get give glance go grab grant greet grieve grip grow grumble guard guess guide hand
handle hang hate head hear heed help hesitate hide hold honour honor hope hunt hurry ignore imagine imitate improve improvise inform insist
inspect insure invent invest invite join joke judge jump keep kneel knock know lament laugh launch lay lead lean leap learn leave lecture lend let
lie lift like linger listen live lock log look lose love lower make manage mark marvel match mean measure meddle meet mend mind mistrust mix mock
move mourn name need neglect negotiate note notice obey object observe offer open oppose order organise organize overlook owe own pack pardon part
pass pause pay peek persuade pick place plan play plead please point ponder postpone pour praise pray prefer prepare present preserve press
presume pretend prevent prize probe proclaim promise prompt protect protest prove provide pull punish push put quarrel question quit quote race
raise read rebuild recall receive reckon recognise recommend record reduce refuse regret reject rejoice relax release relish rely remain remember
remind renounce repair repay repeat replace reply report request rescue resent reserve resist resolve respect respond rest restore restrain
retreat return reveal revise reward ride rise risk rotate rush sacrifice save savour say scold scorn search see seek seize sell send separate
serve set settle share shelter shift shout show shrug shun shut side sign signal sing sit skip sleep slip smile smooth snap soften solve soothe
sort spare speak speed spend split spoil spot spread spurn squeeze stake stand stare start state stay steal steer step stick stock stop store
strike strive struggle study submit succeed suffer suggest supply support suppose surrender suspect swallow swap swear sweep switch take talk
teach tear tease tell tend test thank think threaten thrive throw tidy tie tolerate touch trace track trade train travel treasure treat tremble
trim trust try turn uncover understand undertake uphold urge use vanish vent venture verify view visit voice volunteer vote wait wake walk wander
want warn wash waste watch wave wear weep weigh welcome whisper win wish withdraw withhold wonder work worry wrestle write yearn yield
"""
VERBS = frozenset(_TEXT.split())
"""Verbs in the present that can open the second half of a statement; few of them are likelier to be nouns there."""
