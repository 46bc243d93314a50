<?php

/**
 * What the people of the sample keep in the vault.
 */

declare(strict_types=1);

namespace Panel\Sample;

use Pwvault\Model\Action;
use Pwvault\Model\Assignment;
use Pwvault\Model\EntryDraft;
use Pwvault\Model\EntryKind;
use Pwvault\Model\FieldDraft;
use Pwvault\Model\GrantChange;
use Pwvault\Model\GrantTerms;
use Pwvault\Model\Grantee;
use Pwvault\Model\KeyCustody;
use Pwvault\Model\KeyGeneration;
use Pwvault\Model\KeyOwner;
use Pwvault\Model\Obligations;
use Pwvault\Model\Recovery;
use Pwvault\Model\ServiceLink;
use Pwvault\Model\ServicePart;
use Pwvault\Model\ServiceRef;
use Pwvault\Model\SetMaster;
use Pwvault\Session;

/**
 * What the company itself keeps: many logins, a server, licence keys, and entries locked to keys.
 *
 * @return string the private key of the entries that only a browser opens
 */
function company(Session $rhea): string
{
    $support = [Grantee::role('support-only')];
    $hardware = $rhea->createCategory(['name' => 'Data centre', 'description' => 'Racks, switches, power', 'members' => $support]);
    $partners = $rhea->createCategory(['name' => 'Partners', 'description' => 'Registrars and resellers']);
    $racks = [];
    foreach (['Falkenstein', 'Helsinki', 'Lyon'] as $place) {
        foreach (['Core switch', 'Edge router', 'Power strip', 'Out-of-band console', 'Storage array', 'Backup tape robot'] as $number => $thing) {
            $host = strtolower(substr($place, 0, 3)) . ($number + 1) . '.dc.nordwind.example';
            $racks[] = $rhea->createEntry(new EntryDraft(
                "$thing, $place",
                kind: EntryKind::Server,
                username: 'admin',
                loginUrl: "https://$host/",
                password: bin2hex(random_bytes(9)),
                notes: "Serial console on port $number.",
                fields: [new FieldDraft('Rack', strtoupper(substr($place, 0, 1)) . ($number + 10))]
            ));
        }
    }
    $rhea->assignCategory($racks, new Assignment($hardware, [Action::View, Action::Reveal]));

    $registrar = $rhea->createEntry(new EntryDraft(
        'Registrar reseller account',
        username: 'nordwind-reseller',
        website: 'https://registrar.example/',
        loginUrl: 'https://registrar.example/login',
        password: 'Vane-Copper-41-Lantern',
        notes: 'Call the hotline before moving more than ten domains.',
        fields: [new FieldDraft('Customer number', 'R-20417'), new FieldDraft('Hotline PIN', '4471', secret: true)]
    ));
    $rhea->assignCategory([$registrar], new Assignment($partners, [Action::View, Action::Reveal]));
    $view = [Action::View];
    $reveal = [Action::View, Action::Reveal];
    $rhea->share($registrar, [GrantChange::put(Grantee::role('support-only'), $view), GrantChange::put(Grantee::role('sales'), $reveal)]);

    $licence = new EntryDraft('Panel licence', kind: EntryKind::LicenceKey, username: 'Nordwind Hosting', password: 'NWH7-2KQX-91LD-PP04');
    $rhea->share($rhea->createEntry($licence), [GrantChange::put(Grantee::role('sales'), $reveal)]);
    $bank = $rhea->createEntry(new EntryDraft('Payment provider', username: 'billing', website: 'https://pay.example/', password: 'Quartz.Meadow.88'));
    $reason = new GrantTerms(obligations: new Obligations(reason: true, approval: false));
    $rhea->share($bank, [GrantChange::put(Grantee::role('support-only'), $reveal, $reason)]);
    $rhea->createEntry(new EntryDraft('Board minutes', kind: EntryKind::Note, notes: 'Only for the board.', private: true));

    // K2: the vault holds the private key, wrapped with a passphrase.
    $roots = $rhea->generateKey(new KeyGeneration('Root passwords', KeyOwner::vault(), KeyCustody::passphrase(PASSPHRASE), mayAttach: $support));
    $root = new EntryDraft('Root of mail.nordwind.example', kind: EntryKind::Server, username: 'root', password: 'oak-Tundra-5512', keys: [$roots->id]);
    $rhea->share($rhea->createEntry($root), [GrantChange::put(Grantee::role('support-only'), $reveal)]);
    $rhea->createEntry(new EntryDraft('Root of dns.nordwind.example', kind: EntryKind::Server, username: 'root', password: 'elm-Glacier-7730', keys: [$roots->id]));

    // K3: the vault holds the private key itself: separation of duty only.
    $stored = $rhea->generateKey(new KeyGeneration('Backups', KeyOwner::vault(), KeyCustody::stored()));
    $rhea->createEntry(new EntryDraft('Backup repository', username: 'borg', password: 'Saffron-Kettle-09', keys: [$stored->id]));

    // K1: the vault never holds the private key; whoever has it opens the entry in the page.
    $own = $rhea->generateKey(new KeyGeneration('Rhea, on her notebook', KeyOwner::admin('rhea'), KeyCustody::publicOnly()));
    $rhea->createEntry(new EntryDraft(
        'Offline signing key',
        kind: EntryKind::Note,
        username: 'release',
        password: 'Cedar-Beacon-6127',
        notes: 'Opened in the page; the server never sees this text again.',
        fields: [new FieldDraft('Slot', '2'), new FieldDraft('PUK', '30516628', secret: true)],
        keys: [$own->id]
    ));
    return $own->privatePem->expose();
}

/**
 * Anna's web shop: some of it shared with support, some of it at her service.
 */
function webShop(Session $anna): void
{
    $helpers = $anna->createCategory(['name' => 'Helpers', 'description' => 'What support may use', 'members' => [Grantee::role('support-only')]]);
    $shop = $anna->createEntry(new EntryDraft(
        'Shop administration',
        username: 'anna',
        website: 'https://shop.example/',
        loginUrl: 'https://shop.example/admin',
        password: 'Pear-Window-2217'
    ));
    $anna->createEntry(new EntryDraft('Newsletter', username: 'anna@shop.example', website: 'https://letters.example/', password: 'Mint-Ladder-0042'));
    $mail = $anna->createEntry(new EntryDraft('Webmail', username: 'anna@shop.example', loginUrl: 'https://mail.example/', password: 'Otter-Candle-771'));
    $service = new ServiceLink(new ServiceRef('s-1001', 'anna'), ServicePart::Additional);
    $anna->createEntry(new EntryDraft('Database of the shop', username: 'shop_rw', password: 'Iron-Saddle-3390', service: $service));
    $anna->assignCategory([$shop], new Assignment($helpers, [Action::View, Action::Reveal]));
    $anna->share($mail, [GrantChange::put(Grantee::role('support-only'), [Action::View])]);
}

/**
 * Bert's bakery, guarded by a master password.
 */
function bakery(Session $bert): void
{
    $bert->createEntry(new EntryDraft('Bakery till', username: 'bert', password: 'Rye-Engine-4402'));
    $bert->createEntry(new EntryDraft('Supplier portal', username: 'bert@bakery.example', website: 'https://mill.example/', password: 'Crumb-Harbour-18'));
    $bert->setMasterPassword(new SetMaster(MASTER, MASTER, Recovery::Code));
}

/**
 * Zoe's studio: a second client for whom Dan works.
 */
function studio(Session $zoe): void
{
    $zoe->createEntry(new EntryDraft('Colour printer', kind: EntryKind::Server, username: 'zoe', password: 'Fern-Velvet-2048'));
    $zoe->createEntry(new EntryDraft('Font library', username: 'zoe@studio.example', website: 'https://fonts.example/', password: 'Serif-Comet-19'));
}
