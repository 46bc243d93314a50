<?php

declare(strict_types=1);

namespace Panel\Pages;

use Panel\Names;
use Panel\Response;
use Pwvault\Exception\Invalid;
use Pwvault\Exception\InvalidArgument;
use Pwvault\Model\Ability;
use Pwvault\Model\Action;
use Pwvault\Model\CategoryHead;
use Pwvault\Model\Count;
use Pwvault\Model\EntryFilter;
use Pwvault\Model\EntryPage;
use Pwvault\Model\EntryQuery;
use Pwvault\Model\EntrySort;
use Pwvault\Model\WebAddress;

/**
 * The list, an entry, and why something is not allowed.
 */
final class Entries extends Page
{
    private const PER_PAGE = 12;

    public function home(): Response
    {
        return Response::redirect('/entries');
    }

    public function list(): Response
    {
        $session = $this->here->session();
        $asked = $this->asked();
        $filter = new EntryFilter(text: $asked['q'] ?: null, category: $asked['category'] ?: null);
        $query = new EntryQuery($filter, EntrySort::from($asked['sort']), self::PER_PAGE);
        [$page, $number] = $this->pageOf($query, $asked);
        $count = $session->countEntries($filter);
        $heads = array_column($page->entries, 'head');
        return $this->here->page('entries', [
            'title' => 'Access details',
            'entries' => $page->entries,
            'names' => new Names($session, [...array_column($heads, 'owner'), ...array_filter(array_column($heads, 'category'))]),
            'asked' => $asked,
            'number' => $number,
            'more' => $page->next !== null,
            'total' => $count instanceof Count\Exactly ? "$count->value" : "more than $count->value",
            'none' => $count instanceof Count\Exactly && $count->value === 0,
            'categories' => $this->categories(),
        ]);
    }

    public function show(string $id): Response
    {
        return $this->here->page('entry', $this->values($id));
    }

    /** To the website or login page: the vault checks the address and logs that it was opened. */
    public function open(string $id, string $which): Response
    {
        return Response::redirect($this->here->session()->openUrl($id, WebAddress::from($which === 'login' ? 'login' : 'website')));
    }

    public function why(string $id, string $action): Response
    {
        $action = Action::tryFrom($action) ?? Action::Reveal;
        $decision = $this->here->session()->explain($id, $action);
        $entry = $this->here->session()->entry($id);
        return $this->here->page('denied', ['title' => 'Why?', 'decision' => $decision, 'entry' => $entry, 'action' => $action]);
    }

    /**
     * What the page of an entry shows.
     *
     * @return array<string, mixed>
     */
    public function values(string $id): array
    {
        $session = $this->here->session();
        $entry = $session->entry($id);
        return [
            'title' => $entry->head->name,
            'entry' => $entry,
            'names' => new Names($session, [$entry->head->owner, $entry->head->createdBy]),
            'categories' => $this->categories(),
            'secret' => null,
            'challenges' => [],
            'wrong' => '',
            'askReason' => false,
        ];
    }

    /**
     * @return array<string, CategoryHead> those that the principal may assign
     */
    private function categories(): array
    {
        return $this->here->may(Ability::Categories) ? array_column($this->here->session()->categories(), 'head', 'id') : [];
    }

    /**
     * @return array{q: string, category: string, sort: string}
     */
    private function asked(): array
    {
        $request = $this->here->request;
        $category = $request->query('category');
        return [
            'q' => (string) preg_replace('/^(.{100}).*/us', '$1', $request->query('q')),
            'category' => preg_match('/^[0-9a-f-]{36}$/D', $category) === 1 ? $category : '',
            'sort' => EntrySort::tryFrom($request->query('sort'))?->value ?? EntrySort::Name->value,
        ];
    }

    /**
     * The page that is asked for; the first when the list has changed so that there is no way to it.
     *
     * @param array<string, string> $asked
     * @return array{0: EntryPage, 1: int}
     */
    private function pageOf(EntryQuery $query, array $asked): array
    {
        $list = hash('xxh3', implode("\0", $asked));
        $number = max(1, (int) $this->here->request->query('page'));
        $start = $number === 1 ? null : $this->here->visitor->pageStart($list, $number);
        if ($start === null) {
            $number = 1;
        }
        try {
            $page = $this->here->session()->listEntries($query->with(after: $start));
        } catch (Invalid | InvalidArgument) {
            $number = 1;
            $page = $this->here->session()->listEntries($query);
        }
        if ($page->next !== null) {
            $this->here->visitor->pageStarts($list, $number + 1, $page->next);
        }
        return [$page, $number];
    }
}
