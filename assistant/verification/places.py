"""Names of countries and their people, cities that stand for governments: one name each.

A newspaper's "Moscow" decides what "Russia" decides and the "Kremlin" announces; "Syrian" and
"Syria" name the same country.
"""

from __future__ import annotations

_SAME = """
usa us american americans washington america
russia russian russians moscow kremlin
syria syrian syrians damascus
china chinese beijing
britain british uk london england english
france french paris
germany german germans berlin
europe european europeans eu brussels
ukraine ukrainian ukrainians kyiv kiev
turkey turkish turks turk ankara
iran iranian iranians tehran
iraq iraqi iraqis baghdad
israel israeli israelis jerusalem
palestine palestinian palestinians
egypt egyptian egyptians cairo
saudi saudis riyadh
japan japanese tokyo
india indian indians delhi
pakistan pakistani pakistanis islamabad
afghanistan afghan afghans kabul
korea korean koreans
spain spanish spaniards madrid
italy italian italians rome
poland polish poles warsaw
netherlands dutch hague
greece greek greeks athens
sweden swedish swedes stockholm
norway norwegian norwegians oslo
denmark danish danes copenhagen
finland finnish finns helsinki
portugal portuguese lisbon
ireland irish dublin
switzerland swiss
austria austrian austrians vienna
hungary hungarian hungarians budapest
romania romanian romanians bucharest
bulgaria bulgarian bulgarians sofia
serbia serbian serbs belgrade
canada canadian canadians ottawa
mexico mexican mexicans
brazil brazilian brazilians
argentina argentine argentinian argentinians
australia australian australians canberra
africa african africans
asia asian asians
libya libyan libyans tripoli
lebanon lebanese beirut
jordan jordanian jordanians amman
yemen yemeni yemenis
qatar qatari qataris doha
kurdistan kurdish kurds kurd
arabia arab arabs arabic
west western westerners
east eastern
north northern
south southern
"""

PLACES = {word: line.split()[0] for line in _SAME.strip().splitlines() for word in line.split()}
"""Folded word → the first name of its line."""
